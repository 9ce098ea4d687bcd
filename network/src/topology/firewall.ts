/** What firewalls need beyond the nodes: where the other machines are. Who may talk to whom is derived, never written here. */
export interface Firewall {
  readonly zones: readonly Zone[];
  readonly exceptions?: readonly FirewallException[];
}

/** A site, a calibration unit or an office: machines of one organisation, by what they do. Addresses are IPv4: `10.0.0.5`, `10.0.0.0/24`. */
export interface Zone {
  readonly name: string;
  readonly organisation: string;
  /** The compartment of an operator's measurement channel that this zone is; a zone of the other kinds has none. */
  readonly site?: string;
  /** Nothing crosses the border of this zone, not even its administrators: its statements travel in files. */
  readonly goldStandard?: boolean;
  /** Computers and networks whose programs use the organisation's peers. */
  readonly clients?: readonly string[];
  /** Networks of those who administer the organisation's machines, over SSH. */
  readonly administrators?: readonly string[];
  /** Single machines between the instruments and the rest. They are clients of the organisation's peers. */
  readonly gateways?: readonly string[];
  /** Instruments and standards. Only gateways of the same zone reach them. */
  readonly instruments?: readonly string[];
  /** TCP ports on which gateways read the instruments: 502 for Modbus, 5025 for SCPI. */
  readonly instrumentPorts?: readonly number[];
  /** Of a monitor: single machines that receive what sites send one way. */
  readonly collectors?: readonly string[];
  /** Of a site: the UDP port on which its gateways send one way to the collectors of its monitor. */
  readonly oneWayPort?: number;
}

/** A flow that no policy allows, and somebody has allowed for a time. */
export interface FirewallException {
  /** An address, a network, or the host of a node. */
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Whether UDP is answered (time, names). TCP always is. */
  readonly answered?: boolean;
  readonly why: string;
  readonly allowedBy: string;
  /** The last day (UTC) on which it holds: `2027-03-31`. */
  readonly until: string;
}
