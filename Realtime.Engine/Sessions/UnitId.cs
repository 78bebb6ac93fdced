namespace Realtime.Engine.Sessions;

/// <summary>Names one unit the way rigs do.</summary>
/// <param name="Stream">Data stream the electrode belongs to.</param>
/// <param name="Electrode">Electrode name, unique within the stream.</param>
/// <param name="SortedId">Number given by the spike sorter; 0 = unsorted.</param>
public readonly record struct UnitId(string Stream, string Electrode, int SortedId)
{
    public override string ToString() => $"{Stream}/{Electrode}#{SortedId}";
}
