// Builds the browser bundle: one stylesheet, one script for every page and two for the trainer's editor, two cut fonts, one icon sprite → ../app/static/dist, hashed names, manifest.json, .gz and .br beside each text file.
// Same inputs give the same bytes: names are content hashes, lists are sorted, archives carry no time.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import subsetFont from 'subset-font';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(here, '../app/static/dist');
const require = createRequire(import.meta.url);
const source = (...parts) => path.join(here, 'src', ...parts);
const hashed = (name, bytes) => {
  const { name: stem, ext } = path.parse(name);
  return `${stem}-${createHash('sha256').update(bytes).digest('hex').slice(0, 10)}${ext}`;
};

// What a page may have to print: ASCII, Western letters of names, typographic marks, arrows; then the letters of Lithuanian and its neighbours.
const range = (from, to) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i));
const LETTERS = {
  latin: range(0x20, 0x7e) + '\u00a0§©«®°±²³·»¼½¾¿×÷ÀÁÂÃÄÅÆÇÈÉÊËÍÐÑÓÔÕÖØÚÜÝÞßàáâãäåæçèéêëíðñóôõöøúüýþ\u2011–—‘’‚“”„•…\u202f‹›€№™←↑→↓−≈≠≤≥✓',
  'latin-ext': 'ĀāĄąĆćČčĎďĒēĖėĘęĚěĞğĢģĪīĮįĶķĻļŁłŃńŅņŇňŐőŒœŘřŚśŞşŠšŤťŪūŮůŰűŲųŹźŻżŽž',
};
const FEATURES = ['kern', 'ccmp', 'locl', 'mark', 'mkmk', 'tnum', 'cv05'];
const cutFonts = {
  name: 'cut-fonts',
  setup(b) {
    b.onResolve({ filter: /^font:/ }, ({ path: p }) => ({ path: `inter-${p.slice(5)}.woff2`, namespace: 'font' }));
    b.onLoad({ filter: /.*/, namespace: 'font' }, async ({ path: name }) => {
      const set = name.slice('inter-'.length, -'.woff2'.length);
      const whole = readFileSync(require.resolve(`@fontsource-variable/inter/files/inter-${set}-wght-normal.woff2`));
      const contents = await subsetFont(whole, LETTERS[set], { targetFormat: 'woff2', variationAxes: { wght: { min: 400, max: 700 } }, keepFeatures: FEATURES, noHinting: true });
      return { contents, loader: 'file' };
    });
  },
};

// The content policy refuses data: images, and a file for each mark would be a request: our parts.css draws those marks itself.
const dropDataImages = {
  name: 'drop-data-images',
  setup(b) {
    b.onLoad({ filter: /designsystemet-css.*\.css$/ }, ({ path: p }) => ({
      contents: readFileSync(p, 'utf8').replace(/url\((["'])data:image\/svg\+xml.*?\1\)/g, 'none'),
      loader: 'css',
    }));
  },
};

// Tokens that nothing reads (a palette is wide, we use part of it) and, then, tokens that only those read.
function pruneTokens(css) {
  for (let before; before !== css; ) {
    before = css;
    const used = new Set(Array.from(css.matchAll(/var\(\s*(--[\w-]+)/g), (m) => m[1]));
    css = css.replace(/(--(?:ds|dsc|_dsc|kl)-[\w-]+):(?:[^;{}()]|\([^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*\))*(;|(?=\}))/g, (all, name) => (used.has(name) ? all : ''));
  }
  return css.replace(/[^{}@;]+\{\}/g, '');
}

const licences = ['@codemirror/commands', '@codemirror/language', '@codemirror/state', '@codemirror/view', '@digdir/designsystemet-css', '@fontsource-variable/inter', '@lezer/common', '@lezer/highlight', '@lezer/lr', '@lezer/markdown', '@marijn/find-cluster-break', 'crelt', 'style-mod', 'w3c-keyname']
  .map((name) => `${name}\n\n${readFileSync(path.join(here, 'node_modules', name, 'LICENSE'), 'utf8').trim()}\n`)
  .join('\n----\n\n');

const bundle = await build({
  entryPoints: [source('app.css'), source('app.js'), source('studio.js'), source('editor.js')],
  outdir: out, bundle: true, write: false, minify: true, charset: 'utf8', format: 'esm', target: ['chrome100', 'firefox102', 'safari15.4'],
  entryNames: '[name]', assetNames: '[name]-[hash]', legalComments: 'none', logLevel: 'warning',
  plugins: [cutFonts, dropDataImages],
});

const files = new Map([['licences.txt', Buffer.from(licences)]]);
const manifest = {};
const add = (name, bytes, file = hashed(name, bytes)) => { files.set(file, bytes); manifest[name] = file; };

for (const { path: p, contents } of bundle.outputFiles) {
  const name = path.basename(p);
  if (name.endsWith('.woff2')) add(name.replace(/-[A-Z0-9]{8}(?=\.)/, ''), Buffer.from(contents), name);
  else if (name === 'app.css') add(name, Buffer.from(pruneTokens(Buffer.from(contents).toString('utf8'))));
  else add(name, Buffer.from(contents));
}

const symbols = readdirSync(source('icons')).filter((f) => f.endsWith('.svg')).sort().map((f) => {
  const [, box, drawing] = /<svg[^>]*viewBox="([^"]+)"[^>]*>(.*)<\/svg>/s.exec(readFileSync(source('icons', f), 'utf8'));
  return `<symbol id="${path.parse(f).name}" viewBox="${box}">${drawing.trim()}</symbol>`;
});
add('icons.svg', Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`));
add('favicon.svg', readFileSync(source('favicon.svg')));
files.set('manifest.json', Buffer.from(`${JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()), null, 1)}\n`));

for (const [name, bytes] of [...files]) {
  if (!/\.(css|js|svg)$/.test(name)) continue;
  files.set(`${name}.gz`, gzipSync(bytes, { level: 9 }));
  files.set(`${name}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
}

// New files first, then what nothing names any more: a page that is being sent finds its files all the while.
mkdirSync(out, { recursive: true });
for (const [name, bytes] of files) writeFileSync(path.join(out, name), bytes);
for (const name of readdirSync(out)) if (!files.has(name) && !name.startsWith('.')) rmSync(path.join(out, name), { recursive: true });
