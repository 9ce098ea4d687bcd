/** What an operator directs about its devices, as gateways, filters and gates read it. */
export { directivesIn, MOST_DIRECTIVE_FILES } from './folder.js';
export { DirectivesInForce, type InForceOptions } from './inForce.js';
export { OPERATOR_TYPE, operatorPinOf, operatorPinText } from './pin.js';
export { directiveText, signAnswer, signDirective } from './signDirective.js';
export { readDirectivesSeen, writeDirectivesSeen } from './memory.js';
