import { ENGINES } from '@tracecal/network/engine';
import type { EngineName } from '@tracecal/network/engine';
import { Option } from 'commander';
import type { Command } from 'commander';

/** Engine options of the commands that start a network. */
export interface EngineChoice {
  readonly engine?: EngineName;
  readonly fabricBin?: string;
}

export function withEngineOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--engine <engine>',
        'what it runs on (default: what the data directory was made with, or embedded)',
      ).choices(ENGINES),
    )
    .option('--fabric-bin <folder>', "where Fabric's peer and orderer are, if not on PATH (engine native)");
}

/** The choice without undefined options. */
export function engineChoice({ engine, fabricBin }: EngineChoice): EngineChoice {
  return { ...(engine !== undefined && { engine }), ...(fabricBin !== undefined && { fabricBin }) };
}
