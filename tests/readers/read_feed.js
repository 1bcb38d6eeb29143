// What feedsmith makes of a feed on standard input, as JSON.
const { parseFeed } = require('feedsmith');

let text = '';
process.stdin.on('data', (part) => (text += part));
process.stdin.on('end', () => console.log(JSON.stringify(parseFeed(text))));
