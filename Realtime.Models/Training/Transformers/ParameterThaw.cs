using Realtime.Models.Differentiation;

namespace Realtime.Models.Training.Transformers;

/// <summary>Lets frozen parameters learn from some epoch on.</summary>
/// <param name="Epoch">Whole epochs that pass before it.</param>
/// <param name="Parameters">Which ones.</param>
public sealed record ParameterThaw(int Epoch, Func<Parameter, bool> Parameters);
