"""What people are told who sign in."""

from core.notices import NoticeKind, Variable, Words

ONE_TIME_CODE = "identity.one_time_code"
STAFF_INVITED = "identity.staff_invited"
RESET_ASKED = "identity.password_reset"
_TOKEN = Variable("token", "What proves that the message was read.", "s3cr3t-t0k3n", required=True)
_BRAND = Variable("brand", "The brand's short name.", "freshmart")

KINDS = [
    NoticeKind(
        code=ONE_TIME_CODE,
        description="The code by which somebody signs in who has that phone.",
        variables=(Variable("code", "Six digits.", "123456", required=True),),
        words={
            "en": Words("Your code", "Your code is {code}. Give it to nobody."),
            "zh": Words("验证码", "您的验证码是 {code}，请勿告诉他人。"),
        },
    ),
    NoticeKind(
        code=STAFF_INVITED,
        description="Somebody may come and work for the brand.",
        variables=(_TOKEN, _BRAND),
        words={
            "en": Words("You are invited", "{brand} invites you to its team. Come with this: {token}"),
            "zh": Words("邀请加入", "{brand} 邀请您加入团队，请使用此凭证：{token}"),
        },
    ),
    NoticeKind(
        code=RESET_ASKED,
        description="A member of staff may choose another password.",
        variables=(_TOKEN,),
        words={
            "en": Words("Another password", "Choose another password with this: {token}"),
            "zh": Words("重设密码", "请使用此凭证重设密码：{token}"),
        },
    ),
]
