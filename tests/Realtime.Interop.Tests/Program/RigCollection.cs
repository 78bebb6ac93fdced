namespace Realtime.Interop.Tests.Program;

/// <summary>Tests of the whole program run alone: each is several processes with a schedule to keep, and two cores hold no more.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RigCollection : ICollectionFixture<RigFixture>
{
    public const string Name = "whole program";
}
