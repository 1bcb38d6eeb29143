"""What Lambda starts for editors."""

import os

from content_api.aws import clients
from content_api.law.law_file import load_entries
from content_api.law.legal_notices import LegalNotices
from content_store.articles import ArticleStore
from content_store.front_choices import FrontChoices
from content_store.media import MediaRecords
from content_store.subjects import Subjects
from content_store.verification import Verification
from publishing.api import EditorialApi
from publishing.desk import Desk
from publishing.idempotency import Idempotency
from publishing.previews import Previews, PreviewSecret
from publishing.schedules import Schedules
from publishing.settings import PublishingSettings
from publishing.uploads import Uploads

settings = PublishingSettings.read(os.environ)
_dynamodb = clients.dynamodb()
_s3 = clients.s3()
_store = ArticleStore(_dynamodb, _s3, table=settings.table, bucket=settings.bucket)
_desk = Desk(
    _store,
    FrontChoices(_dynamodb, table=settings.table),
    Subjects(_dynamodb, table=settings.table),
    Schedules(
        clients.client("scheduler"),
        group=settings.schedule_group,
        target=settings.due_function,
        role=settings.scheduler_role,
    ),
    Verification(_store, _dynamodb, _s3, table=settings.table, bucket=settings.bucket),
    Uploads(MediaRecords(_dynamodb, table=settings.table), clients.s3_signing_headers(), bucket=settings.bucket),
)
_api = EditorialApi(
    _desk,
    Previews(PreviewSecret(clients.client("secretsmanager"), settings.preview_secret).values),
    LegalNotices(load_entries(), settings.more_information_url),
    public_url=settings.public_url,
    local_editor=settings.local_editor,
    idempotency=Idempotency(_dynamodb, settings.idempotency_table),
)
lambda_handler = _api.lambda_handler
