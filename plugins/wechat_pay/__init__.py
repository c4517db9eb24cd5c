"""WeChat Pay: in the mini-program, and by the code that a shopper shows at the counter."""
