import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeeds } from './sources.js';

/** Beside an unmodified chaincode in Go: serves its contract where the network says, instead of calling a peer. */
const SERVER = `package main

import (
	"log"
	"os"
	"time"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
	"github.com/hyperledger/fabric-contract-api-go/v2/contractapi"
)

func init() {
	parent := os.Getppid()
	go func() {
		for os.Getppid() == parent {
			time.Sleep(time.Second)
		}
		os.Exit(0)
	}()
	contract, err := contractapi.NewChaincode(new(SmartContract))
	if err != nil {
		log.Fatal(err)
	}
	server := &shim.ChaincodeServer{CCID: os.Args[2], Address: os.Args[1], CC: contract, TLSProps: tlsProps(os.Args[3:])}
	log.Fatal(server.Start())
}

func tlsProps(files []string) shim.TLSProperties {
	if len(files) != 3 {
		return shim.TLSProperties{Disabled: true}
	}
	return shim.TLSProperties{Key: content(files[0]), Cert: content(files[1]), ClientCACerts: content(files[2])}
}

func content(file string) []byte {
	bytes, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	return bytes
}
`;

/** What the network takes for the program of fabric-shim: it starts the one in Go in its place. */
const LAUNCHER = `const { spawn } = require('node:child_process');
const { join } = require('node:path');
const { parseArgs } = require('node:util');

const { values } = parseArgs({ strict: false });
const tls = ['key', 'cert', 'client-cacert'].flatMap((name) => values['chaincode-tls-' + name + '-file'] ?? []);
const program = join(__dirname, '..', '..', 'chaincode');
const child = spawn(program, [values['chaincode-address'], values['chaincode-id'], ...tls], { stdio: 'inherit' });
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
`;

/**
 * Makes a package of a chaincode in Go with the contract API, so that the network runs a process of it for each member, with the member's
 * MSP id in its environment.
 * @returns The folder of the package.
 */
export async function goChaincode(name: string, source: string, folder: string): Promise<string> {
  const code = join(folder, `${name}-source`);
  const target = join(folder, `${name}-package`);
  cpSync(source, code, { recursive: true });
  writeFileSync(join(code, 'tracecal_server.go'), SERVER);
  const shim = join(target, 'node_modules', 'fabric-shim');
  mkdirSync(shim, { recursive: true });
  writeFileSync(join(target, 'package.json'), JSON.stringify({ name, version: '1.0.0', files: ['chaincode'] }));
  writeFileSync(join(shim, 'package.json'), JSON.stringify({ name: 'fabric-shim', version: '2.5.0' }));
  writeFileSync(join(shim, 'cli.js'), LAUNCHER);
  await succeeds('go', ['build', '-mod=mod', '-o', join(target, 'chaincode'), '.'], { cwd: code });
  return target;
}
