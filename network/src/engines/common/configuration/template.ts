import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { defaultConsortiumFile } from '../../../topology/index.js';

/** A YAML document in memory. */
export interface Settings {
  readonly [key: string]: Setting;
}
type Setting = string | number | boolean | Settings | readonly Setting[];

/** A template of test-network-config, overridden by a node's own settings, as YAML. */
export async function fillTemplate(file: 'core.yaml' | 'orderer.yaml', own: Settings): Promise<string> {
  return stringify(overlay(await readTemplate(file), own));
}

/** A template of test-network-config. */
export async function readTemplate(file: string): Promise<Settings> {
  return parse(await readFile(join(dirname(defaultConsortiumFile()), file), 'utf8')) as Settings;
}

/** Settings overridden by others: single values and lists are replaced, maps are merged. */
export function overlay(base: Settings, own: Settings): Settings {
  const merged = Object.entries(own).map(([key, value]): [string, Setting] => {
    const below = base[key];
    return [key, isSettings(below) && isSettings(value) ? overlay(below, value) : value];
  });
  return { ...base, ...Object.fromEntries(merged) };
}

function isSettings(setting: Setting | undefined): setting is Settings {
  return typeof setting === 'object' && !Array.isArray(setting);
}
