"""The four guided steps as a flow without widgets."""
