// Enhancement only: every page works without this file. One small module per hook, nothing is built from strings.
import { guardDoubleSubmits } from './script/once.js';
import { forgetAtSignOut } from './script/queue.js';
import { keepAnswers } from './script/autosave.js';
import { countDown } from './script/timer.js';
import { countPicked } from './script/picked.js';
import { moveThings } from './script/order.js';
import { sendOrders } from './script/arrange.js';
import { countWords } from './script/words.js';
import { sendInPieces } from './script/pieces.js';

document.querySelector('[data-focus]')?.focus();
guardDoubleSubmits();
forgetAtSignOut();
sendInPieces();
const answers = keepAnswers();
countDown(answers);
countPicked();
moveThings();
sendOrders();
countWords();
