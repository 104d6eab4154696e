"""The demo world: fictional people in real places, with two years of learning behind them."""
