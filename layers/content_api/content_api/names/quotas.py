"""Quotas of AWS that limit what this API stores, writes and answers, each with the page that states it.

Limits of our own, such as the number of tags of an article, are defined where they are applied.
"""

# DynamoDB's developer guide, "Quotas in Amazon DynamoDB" and "TransactWriteItems".
TRANSACTION_ACTIONS = 100
TRANSACTION_BYTES = 4 * 1024 * 1024  # of all items together
ITEM_BYTES = 400 * 1024  # names and values of all attributes together
PARTITION_KEY_BYTES = 2048
SORT_KEY_BYTES = 1024
BATCH_WRITES = 25  # items that BatchWriteItem takes
BATCH_READS = 100  # items that BatchGetItem gives
EXPRESSION_BYTES = 4096  # of a condition or a filter
NUMBER_DIGITS = 38  # significant digits of a number

# SQS's developer guide, "Amazon SQS message quotas".
MESSAGES_AT_ONCE = 10  # that SendMessageBatch takes, and that ReceiveMessage gives
MESSAGE_BYTES = 262_144  # of a message, and of the messages of a batch together
LONGEST_DELAY = 900  # seconds, of a message

# S3's user guide, "Naming Amazon S3 objects".
OBJECT_KEY_BYTES = 1024

# Lambda's developer guide, "Lambda quotas": an answer may have 6 MB. The headers take a little of that.
LARGEST_BODY = 6_000_000  # bytes, as a JSON string

# CloudFront's developer guide, "Invalidate files" (how many may be in progress at once for a distribution) and "What
# you need to know when invalidating tags".
INVALIDATIONS_IN_PROGRESS = 3_000  # paths and tags
WILDCARDS_IN_PROGRESS = 15
CACHE_TAG_CHARACTERS = 256
CACHE_TAGS = 50  # of an answer; a purge by any later tag does not find the answer

# CloudFront's developer guide, "Quotas on key value stores".
STORE_BYTES = 5_000_000  # keys and values of a store together
STORE_KEYS_AT_ONCE = 50  # that UpdateKeys takes

# CloudFront's developer guide, "Quotas on CloudFront Functions".
EDGE_FUNCTION_BYTES = 10_240  # of the code, comments and all
