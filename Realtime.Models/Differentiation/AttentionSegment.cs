namespace Realtime.Models.Differentiation;

/// <summary>Queries that see the same keys. Several segments may read the same queries or keys; their gradients add up.</summary>
/// <param name="FirstQuery">Row of the queries' variable.</param>
/// <param name="Queries">Rows of queries, one after the other.</param>
/// <param name="FirstKey">Row of the keys' and values' variables.</param>
/// <param name="Keys">Keys; 0 gives a result of 0.</param>
/// <param name="FirstOutput">Row of the result for the first query.</param>
/// <param name="KeyStep">Distance of two keys in rows.</param>
/// <param name="Mask">Where in the call's masks this segment's table [Queries, Keys] begins; negative for none.</param>
public readonly record struct AttentionSegment(int FirstQuery, int Queries, int FirstKey, int Keys, int FirstOutput, int KeyStep = 1, int Mask = -1);
