import { datedExampleFiles } from './commandLine.js';
import type { CliUser } from './commandLine.js';
import type { EngineName } from './engine.js';

/** Starts a consortium in which an institute and a laboratory may calibrate thermometers, and a sensor maker owns some. */
export async function startTemperatureConsortium(user: CliUser, engine: EngineName = 'embedded') {
  const examples = await datedExampleFiles();
  await user.succeed('up', '--detach', '--ports', 'free', '--engine', engine);
  await user.succeed('scopes', 'grant', 'nmi-north', examples.scopes);
  await user.succeed('org', 'add', 'lab-alpha', '--certified-by', 'nmi-north');
  await user.succeed('org', 'add', 'oem-a', '--certified-by', 'nmi-north');
  await user.succeed('scopes', 'grant', 'lab-alpha', examples.scopes, '--as', 'nmi-north');
  await user.succeed('technician', 'add', 't-north', '--org', 'nmi-north', '--quantities', 'temperature');
  await user.succeed('technician', 'add', 't-alpha', '--org', 'lab-alpha', '--quantities', 'temperature');
  return examples;
}
