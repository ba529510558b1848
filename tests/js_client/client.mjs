// Lists models, reads one, and downloads its card, with the Hub's own JavaScript client; prints what it found as JSON.
import { downloadFile, fileExists, listCommits, listFiles, listModels, modelInfo } from "@huggingface/hub";

const hubUrl = process.argv[2];
const names = [];
for await (const model of listModels({ hubUrl, limit: 5 })) names.push(model.name);
const found = { names, cards: 0, words: 0, range: "" };
for (const name of names) {
  const repo = { type: "model", name };
  const info = await modelInfo({ hubUrl, name });
  if (info.name !== name) throw new Error(`${info.name} is not ${name}`);
  if (info.gated) continue;
  const files = [];
  for await (const file of listFiles({ hubUrl, repo })) files.push(file.path);
  const commits = [];
  for await (const commit of listCommits({ hubUrl, repo })) commits.push(commit.oid);
  if (!commits.length) throw new Error(`${name} has no commit`);
  if (!(await fileExists({ hubUrl, repo, path: "README.md" }))) continue;
  const blob = await downloadFile({ hubUrl, repo, path: "README.md" });
  const text = await blob.text();
  if (text.length === 0 || new TextEncoder().encode(text).length !== blob.size) throw new Error(`${name}: size`);
  found.cards += 1;
  found.words += text.split(/\s+/).length;
  found.range = await blob.slice(0, 3).text();
}
console.log(JSON.stringify(found));
