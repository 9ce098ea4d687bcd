/** What an operator directs about its devices, as gateways, filters and gates read it. */
export { directivesExportText, EXPORT_FILE } from './exported.js';
export { directivesIn, MOST_DIRECTIVE_FILES, type DirectivesInFolder } from './folder.js';
export { DirectivesInForce, type InForceOptions } from './inForce.js';
export { OperatorDirectives, type OperatorDirectivesOptions } from './operatorDirectives.js';
export { OPERATOR_TYPE, operatorPinOf, operatorPinText } from './pin.js';
export { directiveText, signAnswer, signDirective } from './signDirective.js';
export { writeDirectives, type DirectivesToWrite } from './writeDirectives.js';
export { readDirectivesSeen, writeDirectivesSeen } from './memory.js';
