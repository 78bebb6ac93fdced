namespace Realtime.Models.Checkpoints;

/// <summary>What a known name stands for.</summary>
internal enum PickleGlobalKind
{
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    Storage,
}
