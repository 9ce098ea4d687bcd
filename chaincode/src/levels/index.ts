export { measurementBeside, REGISTRY, requireKind } from './sources.js';
