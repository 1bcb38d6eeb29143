// What Podcasting 2.0's own parser makes of the feed on standard input, as JSON.
import partytime from 'podcast-partytime';

let text = '';
for await (const part of process.stdin) text += part;
console.log(JSON.stringify(partytime.parseFeed(text, { allowMissingGuid: false })));
