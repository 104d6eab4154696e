// form[data-look-at]: the server renders what is being typed; its answer is read as a document, so that nothing is ever made from a string here.
const PAUSE = 500;

export function lookAsTyped(form) {
  let timer = 0, asking = null, waiting = false;

  function ask() {
    if (asking) { waiting = true; return; }
    asking = new XMLHttpRequest();
    asking.open('POST', form.dataset.lookAt);
    asking.responseType = 'document';
    asking.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    asking.onloadend = () => {
      if (asking.status === 200 && asking.response) take(asking.response);
      asking = null;
      if (waiting) { waiting = false; ask(); }
    };
    asking.send(new URLSearchParams(new FormData(form)));
  }

  function take(answer) {
    for (const part of document.querySelectorAll('[data-look]')) {
      const fresh = answer.querySelector(`[data-look='${part.dataset.look}']`);
      if (!fresh) continue;
      const top = part.scrollTop;
      part.replaceChildren(...Array.from(fresh.childNodes, (node) => document.importNode(node, true)));
      part.scrollTop = top;
    }
  }

  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
}
