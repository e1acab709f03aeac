// Evaluates rules in CEL, as an API server would. Standard input: a list of {"bindings": {...}, "variables": [{name, expression}], "rules": [...]};
// standard output: for each of them a list of what its rules came to: true, false, or why a rule could not be evaluated.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

const require = createRequire(`${process.argv[2]}/`);
const {run} = await import(pathToFileURL(require.resolve('@bufbuild/cel')));
const {strings} = await import(pathToFileURL(require.resolve('@bufbuild/cel/ext')));

// JSON's numbers are integers here: Kubernetes has few others, and none in what we write.
const toCel = (value) => {
  if (Array.isArray(value)) return value.map(toCel);
  if (value === null || typeof value !== 'object') return typeof value === 'number' ? BigInt(value) : value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, toCel(inner)]));
};

const judge = ({bindings, variables = [], rules}) => {
  const values = new Map();
  const known = {...Object.fromEntries(Object.entries(bindings).map(([name, value]) => [name, toCel(value)])), variables: values};
  for (const {name, expression} of variables) values.set(name, run(expression, known, {funcs: strings}));
  return rules.map((rule) => {
    const answer = run(rule, known, {funcs: strings});
    return typeof answer === 'boolean' ? answer : `${rule}: ${answer?.message}`;
  });
};

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(judge)));
