export { getStates, listenForOffers, putStates } from './severalStates.js';
export { dropUnheardLines } from './unheardLines.js';
export { widenWindows } from './wideWindow.js';
