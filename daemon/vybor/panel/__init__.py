"""The carer's page: how the kit is, in a browser. It hears nothing that the wearer writes."""
