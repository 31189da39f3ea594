//! Which call fails, and how. A fault is armed before the work begins and counts calls from that moment.

use stardeck_service::runtime::RuntimeError;

use super::Method;

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It changes nothing and fails.
    Fail(RuntimeError),
    /// It is carried out, and its answer is lost.
    LoseAnswer(RuntimeError),
    /// It changes nothing and never answers; after a release it goes on.
    HangBefore,
    /// It is carried out and never answers; after a release it does.
    HangAfter,
}

/// Which calls a fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// The call with this number.
    Call(u32),
    /// Calls of this method, as often as said.
    Method(Method, u32),
}

#[derive(Debug, Clone)]
struct Rule {
    when: When,
    fault: Fault,
}

/// While the runtime does not answer at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outage {
    /// It answers.
    None,
    /// It does not, until told otherwise.
    Open,
    /// It does not, from this call on, for so many calls; None for until told otherwise.
    From { call: u32, refusals: Option<u32> },
}

/// The armed faults and the calls counted against them.
#[derive(Debug)]
pub(crate) struct Faults {
    /// Calls since the count was last set to zero.
    pub(crate) calls: u32,
    rules: Vec<Rule>,
    outage: Outage,
    /// Whether an armed fault has struck.
    pub(crate) has_struck: bool,
}

impl Default for Faults {
    fn default() -> Self {
        Self { calls: 0, rules: Vec::new(), outage: Outage::None, has_struck: false }
    }
}

impl Faults {
    /// Forgets all faults and starts to count anew.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }

    /// Strikes the call with this number, counted from 1 and from now on.
    pub(crate) fn arm_call(&mut self, call: u32, fault: Fault) {
        self.calls = 0;
        self.has_struck = false;
        self.rules.push(Rule { when: When::Call(call), fault });
    }

    /// Strikes the next calls of a method.
    pub(crate) fn arm_method(&mut self, method: Method, fault: Fault, times: u32) {
        self.rules.push(Rule { when: When::Method(method, times), fault });
    }

    /// Makes the runtime go away, now.
    pub(crate) fn go_away(&mut self) {
        self.outage = Outage::Open;
    }

    /// Makes the runtime go away at a call, for so many calls.
    pub(crate) fn go_away_at(&mut self, call: u32, refusals: Option<u32>) {
        self.calls = 0;
        self.has_struck = false;
        self.outage = Outage::From { call, refusals };
    }

    /// Makes the runtime answer again.
    pub(crate) fn come_back(&mut self) {
        self.outage = Outage::None;
    }

    /// Counts a call and says what happens to it. The engine's own calls are no calls to the runtime, so that an
    /// outage does not concern them.
    pub(crate) fn next(&mut self, method: Method) -> Option<Fault> {
        self.calls += 1;
        let fault = self.outage_of(method).or_else(|| self.matching_rule(method));
        self.has_struck |= fault.is_some();
        fault
    }

    fn outage_of(&mut self, method: Method) -> Option<Fault> {
        if method.is_of_engine() {
            return None;
        }
        let is_out = match &mut self.outage {
            Outage::None | Outage::From { refusals: Some(0), .. } => false,
            Outage::From { call, .. } if self.calls < *call => false,
            Outage::From { refusals: Some(left), .. } => {
                *left -= 1;
                true
            }
            Outage::Open | Outage::From { refusals: None, .. } => true,
        };
        is_out.then(|| Fault::Fail(RuntimeError::Unavailable { detail: "connection refused".to_owned() }))
    }

    fn matching_rule(&mut self, method: Method) -> Option<Fault> {
        let calls = self.calls;
        let rule = self.rules.iter_mut().find(|rule| match rule.when {
            When::Call(call) => call == calls,
            When::Method(wanted, left) => wanted == method && left > 0,
        })?;
        if let When::Method(_, left) = &mut rule.when {
            *left -= 1;
        }
        Some(rule.fault.clone())
    }
}
