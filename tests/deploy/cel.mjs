// Judges pods by a ValidatingAdmissionPolicy, as an API server would. Standard input: {"policy": ..., "pods": [...]}; standard output: for each
// pod the messages of the validations that refuse it.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

const require = createRequire(`${process.argv[2]}/`);
const {run} = await import(pathToFileURL(require.resolve('@bufbuild/cel')));
const {policy, pods} = JSON.parse(readFileSync(0, 'utf8'));

const toCel = (value) => {
  if (Array.isArray(value)) return value.map(toCel);
  if (value === null || typeof value !== 'object') return typeof value === 'number' ? BigInt(value) : value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, toCel(inner)]));
};

const evaluate = (expression, bindings) => {
  const answer = run(expression, bindings);
  if (answer?.constructor?.name === 'CelError' || answer?.kind === 'error') throw new Error(`${expression}: ${answer.message}`);
  return answer;
};

const judge = (pod) => {
  const variables = new Map();
  const bindings = {object: toCel(pod), variables};
  for (const {name, expression} of policy.spec.variables) variables.set(name, evaluate(expression, bindings));
  return policy.spec.validations.filter(({expression}) => evaluate(expression, bindings) !== true).map(({message}) => message);
};

process.stdout.write(JSON.stringify(pods.map(judge)));
