/// Private fields, and no `Copy`.
#[derive(Debug, PartialEq)]
pub struct Account {
    balance: i64,
    pub(crate) history: [Small; 2],
}

/// One private field, and no `Copy`.
#[derive(Debug, PartialEq)]
pub struct Token(u64);

/// One private field, and `Copy`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Small {
    value: u8,
    _nothing: core::marker::PhantomData<Token>,
}

/// Private altogether.
struct Hidden {
    low: u8,
    token: Token,
}

impl Hidden {
    /// Mixes `self` up with `other`.
    #[allow(dead_code)]
    fn mix(self, other: &Self) -> Self {
        Self { low: self.low ^ other.low, token: Token(self.token.0 | other.token.0) }
    }
}

pub(crate) fn withdraw(account: &mut Account, amount: i64) -> Result<i64, Token> {
    if amount > account.balance {
        return Err(Token(7));
    }
    account.balance -= amount;
    account.history = [account.history[1], account.history[0]];
    Ok(account.balance)
}

/// Generic in a type and a constant.
#[allow(dead_code)]
fn pick<'a, const N: usize, T: Copy + 'a>(items: &'a [T; N], index: usize) -> T
where
    T: PartialEq,
{
    items[index]
}

mod deeper {
    #[allow(dead_code)]
    pub(super) fn half(x: u32) -> u32 {
        x / 2
    }

    #[allow(dead_code)]
    fn out_of_reach(x: u32) -> u32 {
        x
    }
}
