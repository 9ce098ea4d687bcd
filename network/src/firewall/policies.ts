/**
 * What is allowed, one sentence for each kind of flow. The sentence is the comment of each rule that carries the policy out: nft keeps at
 * most 128 bytes of it.
 */
export const POLICIES = {
  client: 'Clients and gateways use the peers of their own organisation (readers without peers: those of the NMIs).',
  gossip: 'Peers that share a channel exchange its blocks and private data, and ask each other for endorsements.',
  ordering: 'Peers fetch blocks from the orderers and hand them the transactions of their clients.',
  consensus: 'Orderers agree on the order of transactions among themselves.',
  chaincode: 'Peers call the chaincode service of their channels at the address in the description.',
  reading: 'Gateways read the instruments of their own zone. No connection begins at an instrument.',
  administration: 'Administrators reach the machines of their own organisation over SSH.',
  configuration: 'Administrators send changes of configuration to the orderers.',
  oneWay: 'Gateways of a site send data one way to the collectors of its monitor. Nothing is answered.',
  exception: 'Somebody has allowed this for a time.',
} as const;

export type Policy = keyof typeof POLICIES;

/** What is allowed or dropped on every machine, whatever its flows. */
export const GENERAL = {
  loopback: 'Programs on the same machine talk to each other.',
  invalid: 'Packets that belong to no connection are dropped.',
  syn: 'A TCP connection begins with SYN alone; nothing else opens one.',
  instruments: 'Instruments are neither reachable nor visible from outside their zone.',
  gold: "Nothing crosses the border of a gold standard's zone.",
  forward: 'Infrastructure is no stepping stone: nothing is forwarded.',
  rest: 'What no policy allows is dropped, in both directions.',
} as const;

/** Why something is denied, in the order in which reasons are looked for. */
export const DENIALS = {
  stranger: 'It is not in the description, and what is not described is denied.',
  gold: GENERAL.gold,
  instruments: GENERAL.instruments,
  port: 'They may talk, but on other ports only.',
  oneWay: 'This way is one-way: what is sent to a collector is never answered.',
  otherPeers: 'Clients and gateways use the peers of their own organisation only.',
  noChannel: 'Peers that share no channel do not meet.',
  orderers: 'Clients reach orderers through their peers only.',
  answers: 'Peers, orderers and collectors answer. They begin no connection to clients, gateways or administrators.',
  zones: 'Different zones talk through peers only.',
  rest: GENERAL.rest,
} as const;

export type Denial = keyof typeof DENIALS;
