// Sends letters with nodemailer over a pool of connections, as a Node backend would.
// usage: node node_sender.cjs NODE_MODULES PORT SESSIONS LETTERS BYTES
'use strict';

const path = require('path');

const [modules, port, sessions, letters, bytes] = process.argv.slice(2);
const nodemailer = require(path.join(path.resolve(modules), 'nodemailer'));
const transport = nodemailer.createTransport({
  host: '127.0.0.1', port: Number(port), secure: false, ignoreTLS: true, pool: true, maxConnections: Number(sessions), maxMessages: Infinity,
});
const text = 'Twelve are dead, dozens wounded; rescue goes on in two districts.\n'.repeat(Math.ceil(bytes / 2 / 66));
const html = '<p>Twelve are dead, dozens wounded; rescue goes on.</p>\n'.repeat(Math.ceil(bytes / 2 / 57));

let begun = 0;
let done = 0;

function fail(error) {
  console.error(error);
  process.exit(1);
}

// As many as the pool takes at once: memory stays flat.
function next() {
  if (begun === Number(letters)) return;
  begun += 1;
  transport.sendMail({from: 'desk@news.example', to: 'reader@example.com', subject: `Letter ${begun}`, text, html}, (error) => {
    if (error) fail(error);
    done += 1;
    if (done === Number(letters)) transport.close();
    next();
  });
}

for (let i = 0; i < 2 * Number(sessions); i += 1) next();
