export type { EmbeddedNetwork, EmbeddedOptions, Log, OrganisationEndpoint } from './network.js';
