// Sound is heard while it is played: what else the machine does, is in its way.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
