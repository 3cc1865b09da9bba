"""Routing work: BPMN definitions, running instances, and the work items by which people do their steps.

`definitions`, `engine` and `diagram` are plain Python without a database; `models`, `work` and `verbs` keep
instances and items and tell about them.
"""
