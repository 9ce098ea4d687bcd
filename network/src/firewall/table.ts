/** The only table that TraceCal writes. */
export const FIREWALL_TABLE = 'inet tracecal';
