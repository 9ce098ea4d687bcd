export { getStates, listenForOffers } from './severalStates.js';
export { dropUnheardLines } from './unheardLines.js';
