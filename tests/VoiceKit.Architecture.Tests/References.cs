using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VoiceKit.Architecture.Tests;

/// <summary>Finds what each type of an assembly refers to: in signatures, attributes and the bodies of methods.</summary>
public static class References
{
    /// <summary>A member, and a type of the same assembly that it refers to.</summary>
    public sealed record Use(TypeDefinition User, string Member, TypeReference Used);

    public static IEnumerable<Use> Of(ModuleDefinition module) =>
        module.GetTypes().Where(IsWritten).SelectMany(Of).Where(use => IsOwn(use.Used, module));

    // What the compiler adds for itself stands in no room.
    private static bool IsWritten(TypeDefinition type)
    {
        while (type.DeclaringType is not null)
            type = type.DeclaringType;
        return type.Namespace.StartsWith("VoiceKit", StringComparison.Ordinal);
    }

    private static bool IsOwn(TypeReference type, ModuleDefinition module) =>
        type.Scope == module && Floors.FloorOf(Floors.RoomOf(type)) is not null;

    private static IEnumerable<Use> Of(TypeDefinition type)
    {
        var uses = new List<Use>();
        void Add(string member, TypeReference? used) => uses.AddRange(Parts(used).Select(part => new Use(type, member, part)));

        Add("base class", type.BaseType);
        foreach (var one in type.Interfaces)
            Add("interface", one.InterfaceType);
        foreach (var attribute in type.CustomAttributes)
            Add("attribute", attribute.AttributeType);
        foreach (var parameter in type.GenericParameters)
            AddConstraints(type.Name, parameter);
        foreach (var field in type.Fields)
            Add(field.Name, field.FieldType);
        foreach (var property in type.Properties)
            Add(property.Name, property.PropertyType);
        foreach (var one in type.Events)
            Add(one.Name, one.EventType);
        foreach (var method in type.Methods)
            AddMethod(method);
        return uses;

        void AddConstraints(string member, GenericParameter parameter)
        {
            foreach (var constraint in parameter.Constraints)
                Add(member, constraint.ConstraintType);
        }

        void AddMethod(MethodDefinition method)
        {
            Add(method.Name, method.ReturnType);
            foreach (var parameter in method.Parameters)
                Add(method.Name, parameter.ParameterType);
            foreach (var parameter in method.GenericParameters)
                AddConstraints(method.Name, parameter);
            foreach (var attribute in method.CustomAttributes)
                Add(method.Name, attribute.AttributeType);
            if (method.HasBody)
                AddBody(method);
        }

        void AddBody(MethodDefinition method)
        {
            foreach (var variable in method.Body.Variables)
                Add(method.Name, variable.VariableType);
            foreach (var handler in method.Body.ExceptionHandlers)
                Add(method.Name, handler.CatchType);
            foreach (var instruction in method.Body.Instructions)
                AddOperand(method.Name, instruction);
        }

        void AddOperand(string member, Instruction instruction)
        {
            switch (instruction.Operand)
            {
                case TypeReference used:
                    Add(member, used);
                    break;
                case FieldReference field:
                    Add(member, field.DeclaringType);
                    Add(member, field.FieldType);
                    break;
                case MethodReference called:
                    Add(member, called.DeclaringType);
                    Add(member, called.ReturnType);
                    foreach (var parameter in called.Parameters)
                        Add(member, parameter.ParameterType);
                    foreach (var argument in (called as GenericInstanceMethod)?.GenericArguments ?? [])
                        Add(member, argument);
                    break;
            }
        }
    }

    // An array is of its elements, a generic type of its arguments too.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        IModifierType modified => Parts(modified.ElementType).Concat(Parts(modified.ModifierType)),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };
}
