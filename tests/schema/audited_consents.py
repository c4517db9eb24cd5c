"""How mutations of consents succeed, and how they are refused."""

from tests.schema.auditing import Case, plain

TEXT = {"purpose": "MARKETING", "texts": [{"language": "zh", "text": "我们会告诉您优惠。"}], "renews": True}

CASES: dict[str, Case] = {"consentTextPublish": plain(TEXT, texts=[])}
