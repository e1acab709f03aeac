// Prints what postal-mime reads in messages, as a JSON array. usage: parse.mjs NODE_MODULES FILE...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, ...files] = process.argv.slice(2);
const found = createRequire(`${modules}/`).resolve("postal-mime");
const library = await import(pathToFileURL(found));
const PostalMime = library.default.default ?? library.default;
const messages = [];
for (const file of files) {
  const message = await PostalMime.parse(readFileSync(file));
  messages.push({
    subject: message.subject,
    from: message.from.address,
    sender: message.from.name,
    to: message.to.map((one) => one.address),
    replyTo: (message.replyTo ?? []).map((one) => one.address),
    messageId: message.messageId,
    text: message.text ?? null,
    html: message.html ?? null,
  });
}
console.log(JSON.stringify(messages));
