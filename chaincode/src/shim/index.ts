export { getStates, listenForOffers, putStates } from './multiGet.js';
export { dropUnheardLines } from './unheardLines.js';
export { widenWindows } from './wideWindow.js';
