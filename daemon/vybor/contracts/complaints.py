"""Which troubles are none: a process that has only these is well, whoever tells of it."""

from vybor.contracts.messages import Trouble

NO_COMPLAINT = (
    *(Trouble.CALLING_HELP, Trouble.GROWN_ON_TRIAL, Trouble.GROWN_CHANGES, Trouble.GROWN_STALE),
    *(Trouble.HEADBAND_LOOSE, Trouble.HEADBAND_MAINS, Trouble.GIVEN_OUT, Trouble.PANEL_WATCHED),
    *(Trouble.LOOKS_RECORDED, Trouble.SESSION_RECORDED, Trouble.MODEL_RESTS),
)
"""A call for help is under way, a new model on trial, somebody is given signals or looks at the carer's page…"""
