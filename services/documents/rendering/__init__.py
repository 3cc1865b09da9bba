"""Official documents as pages: GB/T 9704-2012 forms and processing sheets, set as PDF/A-2b."""

from services.documents.rendering.layout import (
    AttachedText,
    Block,
    LayoutForm,
    OfficialLayout,
    ProcessingSheet,
    ProcessStep,
    Table,
)
from services.documents.rendering.render import render, render_processing_sheet

__all__ = [
    "AttachedText",
    "Block",
    "LayoutForm",
    "OfficialLayout",
    "ProcessStep",
    "ProcessingSheet",
    "Table",
    "render",
    "render_processing_sheet",
]
