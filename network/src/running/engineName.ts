/** What a consortium can run on. */
export const ENGINES = ['embedded', 'native', 'docker'] as const;
export type EngineName = (typeof ENGINES)[number];
