export { getStates, listenForOffers, putStates } from './severalStates.js';
export { dropUnheardLines } from './unheardLines.js';
