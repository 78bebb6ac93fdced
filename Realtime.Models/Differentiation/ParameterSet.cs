using Realtime.Models.Weights;

namespace Realtime.Models.Differentiation;

/// <summary>All parameters of one network in a fixed order, and the tensors of its file that do not learn (frequencies).</summary>
public sealed class ParameterSet(IReadOnlyList<Parameter> parameters, IReadOnlyList<TensorData> constants)
{
    private readonly Dictionary<string, int> _index = parameters.Index().ToDictionary(entry => entry.Item.Name, entry => entry.Index, StringComparer.Ordinal);

    public int Count => parameters.Count;

    public Parameter this[int index] => parameters[index];

    public Parameter this[string name] => parameters[_index[name]];

    public int IndexOf(Parameter parameter) => _index[parameter.Name];

    /// <summary>Numbers that are not frozen.</summary>
    public long Trainable => parameters.Where(parameter => !parameter.IsFrozen).Sum(parameter => (long)parameter.Value.Length);

    /// <summary>Copies of the present values, and the constants, as a model file keeps them.</summary>
    public IReadOnlyList<TensorData> ToTensors() =>
        [.. parameters.Select(parameter => TensorData.Of(parameter.Name, parameter.Value.ToArray(), [.. parameter.Shape])), .. constants];
}
