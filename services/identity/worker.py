"""What identity does by itself: keeping house. It needs no events: everything in its directory is its own."""

from services.identity import SERVICE
from services.identity.commands.delegations import end_delegations_across_organs
from services.identity.commands.housekeeping import change_aged_key, forget_over
from services.identity.commands.keys import withdraw_old_keys
from services.identity.issuing import TokenIssuer
from shared.messaging.delivery import Tick
from shared.messaging.timer import timer
from shared.messaging.upkeep import Upkeep


class IdentityWorker(Upkeep):
    """Runs beside the api."""

    name = "identity.worker"
    service = SERVICE

    @timer(seconds=60)
    def keep_keys(self, tick: Tick) -> None:
        """Change the signing key when it has been in use long enough, and withdraw those that are over."""
        issuer = tick.runtime.resource(TokenIssuer, TokenIssuer.from_settings)
        change_aged_key(tick.session, tick.actor, tick.clock, keyring=issuer.keyring)
        withdraw_old_keys(tick.session, tick.actor, tick.clock, token_lifetime=issuer.lifetime)

    @timer(seconds=3600)
    def end_delegations_across_organs(self, tick: Tick) -> None:
        """End delegations between two organs, which were granted before that was refused."""
        end_delegations_across_organs(tick.session, tick.actor, tick.clock)

    @timer(seconds=3600)
    def forget_over(self, tick: Tick) -> None:
        """Remove sign-ins and counts of failures that matter no more."""
        forget_over(tick.session, tick.clock)
