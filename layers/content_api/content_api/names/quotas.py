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

# Lambda's developer guide, "Lambda quotas": an answer may have 6 MB. The headers take little of that.
LARGEST_BODY = 6_000_000  # bytes, as a JSON string

# CloudFront's developer guide, "Invalidate files": so many may be in progress at once for a distribution; and "What you
# need to know when invalidating tags".
INVALIDATIONS_IN_PROGRESS = 3_000  # paths and tags
WILDCARDS_IN_PROGRESS = 15
CACHE_TAG_CHARACTERS = 256
CACHE_TAGS = 50  # of an answer: no purge by a later tag finds it
