/** The engines that can run a consortium. */
export const ENGINES = ['embedded', 'native', 'docker'] as const;
export type EngineName = (typeof ENGINES)[number];
