"""Quotas of AWS that bound what this API keeps, writes and answers, each with the page that states it.

What is a limit of our own, such as the number of an article's tags, stands where it is applied.
"""

# DynamoDB's developer guide, "Quotas in Amazon DynamoDB" and "TransactWriteItems".
TRANSACTION_ACTIONS = 100
ITEM_BYTES = 400 * 1024  # names and values of all attributes together
PARTITION_KEY_BYTES = 2048
SORT_KEY_BYTES = 1024
BATCH_WRITES = 25  # items that BatchWriteItem takes
BATCH_READS = 100  # items that BatchGetItem gives
NUMBER_DIGITS = 38  # significant digits of a number

# S3's user guide, "Naming Amazon S3 objects".
OBJECT_KEY_BYTES = 1024

# Lambda's developer guide, "Lambda quotas": an answer is handed on up to 6 MB, of which its other members and what API
# Gateway adds take little.
LARGEST_BODY = 6_000_000  # bytes, as a JSON string

# CloudFront's developer guide, "Invalidate files": what may be in progress at once for one distribution, and "What you
# need to know when invalidating tags".
INVALIDATIONS_IN_PROGRESS = 3_000  # paths and tags
WILDCARDS_IN_PROGRESS = 15
CACHE_TAG_CHARACTERS = 256
CACHE_TAGS = 50  # of an answer: those behind them cannot be invalidated by
