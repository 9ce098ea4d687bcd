/** What orderers take in one message (`BatchSize` of every channel): a configuration has to fit into it, with its update. */
const LARGEST_MESSAGE_BYTES = 10 * 1024 * 1024;

/** Says that members have filled a channel's configuration so far that it may soon not change any more. */
export function configurationWarning(bytes: number | null): string | undefined {
  if (bytes === null || bytes <= LARGEST_MESSAGE_BYTES / 2) return undefined;
  return `The configuration of the registry's channel has ${bytes} bytes, more than half of what orderers take: remove the member whose part is large (\`tracecal network remove-org\`).`;
}
