import { createContext, runInContext, type Context } from 'node:vm';
import { buildSync } from 'esbuild';

/** What every browser has and Node has as well; nothing else of Node is there. */
const BROWSER = { TextEncoder, TextDecoder, Uint8Array, atob, btoa };

/** A module as a bundler makes it for a browser: a script whose exports are in the global `bundle`. */
export function bundled(contents: string): string {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: __dirname },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'bundle',
    minify: true,
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** The globals of a page that has loaded a bundle. */
export function browserWith(code: string): Context {
  const context = createContext({ ...BROWSER });
  runInContext(code, context);
  return context;
}

/** What a module exports in a browser. */
export function inBrowser(contents: string): unknown {
  return runInContext('bundle', browserWith(bundled(contents)));
}
