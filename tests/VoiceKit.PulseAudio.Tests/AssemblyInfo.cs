using Xunit.Sdk;
using Xunit.v3;

// Sound is heard while it is played: what else the machine does, is in its way.
[assembly: Parallelization(Mode = ParallelMode.None)]
