// Masthead as a Node client sees it: stubs made from the protos as they are, over TLS.
'use strict';

const { readFileSync } = require('node:fs');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

// The services in these proto files, as grpc-js makes them: `load([...]).articles.v1.ReadingService`.
function load(files) {
  const definitions = protoLoader.loadSync(
    files.map((file) => `masthead/${file}`),
    { includeDirs: process.env.MASTHEAD_PROTOS.split(':'), keepCase: true, longs: String, enums: String, defaults: true, oneofs: true },
  );
  return grpc.loadPackageDefinition(definitions).masthead;
}

const credentials = grpc.credentials.createSsl(readFileSync(process.env.MASTHEAD_CA));

// A method of a stub as a promise, with a deadline and, if given, a token.
function call(stub, method, request, token) {
  const metadata = new grpc.Metadata();
  if (token) metadata.set('authorization', `Bearer ${token}`);
  return new Promise((resolve, reject) => {
    stub[method](request, metadata, { deadline: Date.now() + 10_000 }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

// Runs a test and ends the process with its outcome.
function run(main) {
  main().then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
  });
}

module.exports = { load, credentials, call, run, status: grpc.status };
