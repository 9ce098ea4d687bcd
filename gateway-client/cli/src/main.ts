#!/usr/bin/env node
import { runCli } from './program.js';
import { start } from './start.js';

start(runCli);
