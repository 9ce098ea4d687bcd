/** What runs a member's processes without this program. */
export type Target = (typeof TARGETS)[number];
export const TARGETS = ['systemd', 'compose'] as const;
