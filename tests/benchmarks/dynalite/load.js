// Puts items into dynalite's LevelDB by dynalite's own functions, as its PutItem does: BatchWriteItem over HTTP takes some
// 2,400 items a second, this some 20,000. Takes an item in JSON a line on standard input.
//   node load.js <folder of node_modules> <folder of the database> <table>

'use strict'

const path = require('node:path')
const readline = require('node:readline')

const [modules, database, tableName] = process.argv.slice(2)
const AT_ONCE = 1000
const MEGABYTE = 1024 * 1024

// Keys come in no order: with LevelDB's buffer of 4 MB, millions of them are merged over and over.
const level = require(path.resolve(modules, 'level'))
const Original = level.Level
level.Level = class extends Original {
  constructor (folder, options) {
    super(folder, { ...options, writeBufferSize: 256 * MEGABYTE, maxFileSize: 64 * MEGABYTE })
  }
}
const dynalite = require(path.resolve(modules, 'dynalite', 'db'))

async function main () {
  const store = dynalite.create({ path: database })
  const table = await new Promise((resolve, reject) =>
    store.getTable(tableName, (error, found) => (error ? reject(error) : resolve(found))))
  const items = store.getItemDb(tableName)
  const put = (operations) => new Promise((resolve, reject) =>
    items.batch(operations, (error) => (error ? reject(error) : resolve())))
  let waiting = []
  for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const item = JSON.parse(line)
    const invalid = dynalite.validateItem(item, table)
    if (invalid != null) throw invalid
    waiting.push({ type: 'put', key: dynalite.createKey(item, table), value: item })
    if (waiting.length === AT_ONCE) {
      await put(waiting)
      waiting = []
    }
  }
  if (waiting.length) await put(waiting)
  await store.db.close()
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
