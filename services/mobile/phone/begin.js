"use strict";
if (state.session) begin(); else showSignIn();
